/**
 * A TLS server that tells clients by alert why it refuses them, as nginx, Apache and Java do. Node's own server only
 * closes the connection. Python's is at hand wherever Odoo is.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cleanUpLater } from "../doubles/sender_stage.ts";

const script = `
import http.server, ssl, sys
folder = sys.argv[1]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
    def log_message(self, *args):
        pass
class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
context.load_verify_locations(folder + "/ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
server = Server(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
`;

export interface StrictServerSettings {
  readonly cert: string;
  readonly key: string;
  /** Clients must show a certificate of this authority. */
  readonly clientCa: string;
}

/** Answers every POST with 200. Ends with the test. */
export async function startStrictServer(settings: StrictServerSettings): Promise<{ readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), "strict-tls-"));
  cleanUpLater(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "cert.pem"), settings.cert);
  await writeFile(join(folder, "key.pem"), settings.key, { mode: 0o600 });
  await writeFile(join(folder, "ca.pem"), settings.clientCa);
  const server = spawn("python3", ["-c", script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("close", resolve));
  cleanUpLater(async () => {
    server.kill("SIGKILL");
    await ended;
  });
  for await (const line of createInterface({ input: server.stdout })) {
    return { url: `https://127.0.0.1:${Number(line)}/hooks` };
  }
  throw new Error("the strict TLS server ended before it told its port");
}

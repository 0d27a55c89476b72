/** What a sidecar has to be told, as files that can be copied. Pure; the key comes in and goes nowhere else. */

export interface Connection {
  readonly odooUrl: string;
  readonly database: string;
  readonly login: string;
  /** Empty when it is not at hand any more. */
  readonly apiKey: string;
  readonly amqpUrl: string;
}

export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

export type RunKind = "compose" | "systemd" | "npm";

const KEY_PLACEHOLDER = "<the API key>";
const SIDECAR = "--max-semi-space-size=8 --heap-growing-percent=75 sidecar/src/main.ts";

/** The environment: the same for every way to run it. */
export function writeEnvironment({ odooUrl, database, login, apiKey, amqpUrl }: Connection): string {
  const values = {
    ODOO_URL: odooUrl,
    ODOO_DATABASE: database,
    ODOO_LOGIN: login,
    ODOO_API_KEY: apiKey || KEY_PLACEHOLDER,
    AMQP_URL: amqpUrl,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join("");
}

/** The environment's file first, then what starts the sidecar with it. */
export function listFiles(kind: RunKind, connection: Connection): readonly ConfigFile[] {
  const environment = writeEnvironment(connection);
  switch (kind) {
    case "compose":
      return [
        { name: "integration_sidecar.env", text: environment },
        { name: "docker-compose.yml", text: COMPOSE },
      ];
    case "systemd":
      return [
        { name: "/etc/integration_sidecar.env", text: environment },
        { name: "/etc/systemd/system/integration-sidecar.service", text: UNIT },
      ];
    case "npm":
      return [
        { name: "integration_sidecar.env", text: environment },
        { name: "sh", text: "npm ci\nnpm run sidecar\n" },
      ];
  }
}

/** Compose, systemd and Node all read single quotes literally. */
function quote(value: string): string {
  if (/^[\w:/.@%+=,-]*$/.test(value)) {
    return value;
  }
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

const COMPOSE = `services:
  integration_sidecar:
    build:
      # The folder that holds this product's source.
      context: ./integration-monitor
      dockerfile: sidecar/Dockerfile
    env_file: integration_sidecar.env
    environment:
      HTTP_HOST: 0.0.0.0
      WORKER_NAME: sidecar
    stop_grace_period: 30s
    restart: unless-stopped
`;

const UNIT = `[Unit]
Description=Integration Monitor sidecar
Wants=network-online.target
After=network-online.target

[Service]
# The folder that holds this product's source, after "npm ci" in it.
WorkingDirectory=/opt/integration-monitor
EnvironmentFile=/etc/integration_sidecar.env
ExecStart=/opt/integration-monitor/node_modules/.bin/node ${SIDECAR}
DynamicUser=yes
Restart=always
TimeoutStopSec=30

[Install]
WantedBy=multi-user.target
`;

// web/src/setup/sidecar_files.ts
var KEY_PLACEHOLDER = "<the API key>";
var SIDECAR = "--max-semi-space-size=8 --heap-growing-percent=75 sidecar/src/main.ts";
/** The environment: the same for every way to run it. */
function writeEnvironment({ odooUrl, database, login, apiKey, amqpUrl }) {
	return Object.entries({
		ODOO_URL: odooUrl,
		ODOO_DATABASE: database,
		ODOO_LOGIN: login,
		ODOO_API_KEY: apiKey || KEY_PLACEHOLDER,
		AMQP_URL: amqpUrl
	}).map(([name, value]) => `${name}=${quote(value)}\n`).join("");
}
/** The environment's file first, then what starts the sidecar with it. */
function listFiles(kind, connection) {
	const environment = writeEnvironment(connection);
	switch (kind) {
		case "compose": return [{
			name: "integration_sidecar.env",
			text: environment
		}, {
			name: "docker-compose.yml",
			text: COMPOSE
		}];
		case "systemd": return [{
			name: "/etc/integration_sidecar.env",
			text: environment
		}, {
			name: "/etc/systemd/system/integration-sidecar.service",
			text: UNIT
		}];
		case "npm": return [{
			name: "integration_sidecar.env",
			text: environment
		}, {
			name: "sh",
			text: "npm ci\nnpm run sidecar\n"
		}];
	}
}
/** Compose, systemd and Node all read single quotes literally. */
function quote(value) {
	if (/^[\w:/.@%+=,-]*$/.test(value)) return value;
	return value.includes("'") ? `"${value}"` : `'${value}'`;
}
var COMPOSE = `services:
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
var UNIT = `[Unit]
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
export { listFiles, writeEnvironment };

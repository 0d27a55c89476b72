// Help texts. Plain JavaScript: they must show before anything is installed.

export const commands = {
  start: `npm start [-- options]

Brings up Integration Monitor on this machine: PostgreSQL, RabbitMQ, Odoo 19 with the addons, the sidecar and
a sample receiver, all private to this checkout (data in .stack/, everything listens on 127.0.0.1 only).
Ctrl-C stops all of it. The first run fetches what is missing; later runs take seconds.

Ports (the usual one when free, else any free one; with the option: this one or a message)
  --odoo-port=N          Odoo                     usual 8069
  --sidecar-port=N       sidecar: health, metrics usual 8070
  --receiver-port=N      sample receiver          usual 8071
  --amqp-port=N          RabbitMQ                 any free one
  --postgres-port=N      PostgreSQL               any free one

Data
  --reset                delete .stack/ first: a new, empty database and broker
  --without-sample-data  no sample company, users, products and endpoints (only for a new database)

Other
  --control              serve POST /services/<name>/stop|start on a free loopback port (for tests)
  --help                 this text

Environment
  XDG_CACHE_HOME         where fetched packages are kept; default ~/.cache (in integration-monitor/)
`,
  test: `npm test [-- options]

Runs every check and test against a stack of its own in a temporary folder, and ends with one line
"N passed, N failed".

  --only=PHASE           lint, vitest, odoo, e2e or chaos; may be given several times
  --odoo-tags=TAGS       Odoo test tags instead of all our addons, e.g. /integration_monitor:TestClaim
  --keep                 keep the temporary folder (logs, databases) and print where it is
  --help                 this text
`,
  chaos: `npm run chaos [-- options]

People work in Odoo while Odoo, the sidecars, RabbitMQ and PostgreSQL are killed with kill -9 at random and the
receivers misbehave. Then every promise is audited against what was really committed and received. Prints one
table; ends with an error on any breach, and then shows the timeline of what is affected. The stack is private to
the run, in a temporary folder.

  --minutes=N            how long people work and services die, 1 to 120, usual 10; waiting for quiet and the
                         audit come on top
  --seed=N               the same plan of kills, answers and work as the run that printed this seed
  --keep                 keep the temporary folder (logs, database, all facts of the audit) and print where it is
  --help                 this text
`,
  bench: `npm run bench [-- options]

Measures the product on this machine and prints one table: each figure with its bar, and beside what it is compared with
in the same run. Ends with an error when a bar is missed. The stack is private to the run, in a temporary folder; other
work on the machine spoils the figures. What each measure does and where its time goes: docs/performance.md

  --only=NAME,NAME       these measures only; a wrong name lists all
  --rounds=N             rounds per measure, 1 to 50, usual 5; figures are medians over them
  --json=FILE            the table also as JSON
  --keep                 keep the temporary folder (logs, database) and print where it is
  --help                 this text
`,
  build: `npm run build

Builds the web sources in web/ into the addons' static folders.
`,
  lint: `npm run lint

Formatting, linting, types (TypeScript and Python) and the state of the built JavaScript.
`,
  translate: `npm run translate

Writes the translation files of the addons (i18n/*.pot and *.po) as Odoo exports them now, keeps what is translated, and
lists what is not; ends with an error while anything is missing. How to translate: docs/translating.md
`,
  screenshots: `npm run screenshots

Runs the stories that show what README and docs show, on a stack of their own, and puts their pictures into docs/images.
All pictures that the stories take, and each as on a phone, are in .cache/screenshots afterwards.
`,
};

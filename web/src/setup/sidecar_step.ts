/** First step: make the account and its key, say what to put where, watch until the sidecar reports. */
import { Component, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import type { ActionService, Orm } from "odoo-services";
import { phraseAge, phraseInstant } from "../overview/overview_amounts.ts";
import { phraseServerError } from "../server_error.ts";
import { RevealSecret } from "./reveal_secret.ts";
import type { KeyRow, Sidecar, WorkerRow } from "./setup_data.ts";
import { findArrived } from "./setup_steps.ts";
import type { ConfigFile, RunKind } from "./sidecar_files.ts";
import { listFiles } from "./sidecar_files.ts";
import type { SidecarKey } from "./sidecar_key.ts";
import { SIDECAR_KEY_EVENT } from "./sidecar_key.ts";

/** Until then an absent heartbeat is no sign of trouble: a sidecar needs a few seconds to start, in ms. */
const PATIENCE_MS = 40_000;

export type OldKeys = "overlap" | "now" | "keep";

interface StepState {
  oldKeys: OldKeys;
  key: string;
  login: string;
  odooUrl: string;
  amqpUrl: string;
  kind: RunKind;
  /** Whether somebody asked for what is only needed once, or again for another sidecar. */
  isUnfolded: boolean;
  isBusy: boolean;
  error: string;
  isLate: boolean;
}

export class SidecarStep extends Component<{ sidecar: Sidecar; reload: () => Promise<void> }> {
  static override template = "integration_monitor.SidecarStep";
  static override props = { sidecar: Object, reload: Function };
  static components = { CopyButton, RevealSecret };

  declare orm: Orm;
  declare action: ActionService;
  declare state: StepState;
  /** Sidecars that ran when the key was made. */
  declare namesBefore: ReadonlySet<string>;
  declare timer: number;

  override setup(): void {
    this.orm = useService("orm");
    this.action = useService("action");
    this.state = useState<StepState>({
      oldKeys: "overlap",
      key: "",
      login: "",
      odooUrl: this.props.sidecar.odooUrl,
      amqpUrl: "amqp://user:password@rabbitmq:5672/",
      kind: "compose",
      isUnfolded: false,
      isBusy: false,
      error: "",
      isLate: false,
    });
    this.namesBefore = new Set();
    this.timer = 0;
    useBus(this.env.bus, SIDECAR_KEY_EVENT, (event) => this.onKey(event.detail));
    onWillUnmount(() => {
      this.state.key = "";
      browser.clearTimeout(this.timer);
    });
  }

  async makeKey(): Promise<void> {
    this.state.isBusy = true;
    this.state.error = "";
    try {
      const action = await this.orm.call("integration.setup", "create_sidecar_key", [], {
        old_keys: this.state.oldKeys,
      });
      // The key, or Odoo's question for the password, which ends with the key.
      await this.action.doAction(action as Readonly<Record<string, unknown>>);
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
    this.state.isBusy = false;
  }

  async onKey({ key, login }: SidecarKey): Promise<void> {
    this.namesBefore = new Set(this.alive.map((worker) => worker.name));
    this.state.key = key;
    this.state.login = login;
    this.state.isLate = false;
    browser.clearTimeout(this.timer);
    this.timer = browser.setTimeout(() => {
      this.state.isLate = true;
    }, PATIENCE_MS);
    await this.props.reload();
  }

  get alive(): readonly WorkerRow[] {
    return this.props.sidecar.workers.filter((worker) => worker.isAlive);
  }

  get isUnfolded(): boolean {
    return this.state.isUnfolded || this.state.key !== "" || this.alive.length === 0;
  }

  get arrived(): readonly WorkerRow[] {
    return this.state.key ? findArrived(this.props.sidecar.workers, this.namesBefore) : [];
  }

  /** Those that prove nothing about the new key. */
  get others(): readonly WorkerRow[] {
    return this.alive.filter((worker) => !this.arrived.includes(worker));
  }

  get files(): readonly ConfigFile[] {
    const { sidecar } = this.props;
    return listFiles(this.state.kind, {
      odooUrl: this.state.odooUrl,
      database: sidecar.database,
      login: this.state.login || sidecar.account?.login || "integration_sidecar",
      apiKey: this.state.key,
      amqpUrl: this.state.amqpUrl,
    });
  }

  get kinds(): readonly { readonly kind: RunKind; readonly label: string }[] {
    return [
      { kind: "compose", label: _t("Docker Compose") },
      { kind: "systemd", label: _t("Linux service (systemd)") },
      { kind: "npm", label: _t("By hand (npm)") },
    ];
  }

  get keyChoices(): readonly { readonly value: OldKeys; readonly label: string }[] {
    return [
      { value: "overlap", label: _t("End in 24 hours: time enough to hand over the new one") },
      { value: "now", label: _t("End now: a sidecar that uses them stops sending until it has the new one") },
      { value: "keep", label: _t("Stay: the new one is for one more sidecar") },
    ];
  }

  get copied(): string {
    return _t("Copied");
  }

  get keyTitle(): string {
    return _t("The API key of the sidecar. Copy it now: it is not shown again.");
  }

  /** When the one that was seen last was seen. */
  get silence(): string {
    const lastSeenAtMs = this.props.sidecar.workers[0]?.lastSeenAtMs ?? null;
    return _t("The sidecar has not been seen since %(time)s.", { time: this.formatInstant(lastSeenAtMs) });
  }

  get accountNote(): string {
    const { account } = this.props.sidecar;
    const login = account?.login ?? "";
    return account?.isActive
      ? _t("Its account is “%(login)s”.", { login })
      : _t("Its account is “%(login)s”, which is archived; a new key restores it.", { login });
  }

  get reachAdvice(): string {
    return _t(
      "Does it reach Odoo? From its machine, %(address)s must answer. “localhost” in a container means the container.",
      { address: this.state.odooUrl },
    );
  }

  phraseHeartbeat({ version, lastSeenAtMs }: WorkerRow): string {
    const age = phraseAge(lastSeenAtMs, this.props.sidecar.serverTimeMs);
    return _t("version %(version)s, last heartbeat %(age)s", { version, age });
  }

  phraseWorker({ name, version }: WorkerRow): string {
    return _t("%(name)s (version %(version)s)", { name, version });
  }

  phraseEnd({ endsAtMs }: KeyRow): string {
    return endsAtMs === null ? _t("has no end") : _t("ends %(time)s", { time: this.formatInstant(endsAtMs) });
  }

  private formatInstant(instantMs: number | null): string {
    return instantMs === null ? "" : phraseInstant(instantMs, this.props.sidecar.serverTimeMs);
  }
}

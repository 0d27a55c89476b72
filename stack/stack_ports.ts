import type { PortChooser } from "./ports.ts";

export interface StackPorts {
  readonly odoo: number;
  readonly sidecar: number;
  readonly receiver: number;
  readonly amqp: number;
  readonly postgres: number;
  readonly epmd: number;
  readonly erlangDistribution: number;
  readonly control: number;
}

/** Ports a person fixed by an option. */
export type FixedPorts = Partial<Pick<StackPorts, "odoo" | "sidecar" | "receiver" | "amqp" | "postgres">>;

/**
 * Chooses all ports of a stack. `usual` are the ones people expect or used last time; `{}` means any.
 * The broker and the database get any free port: their usual ones often belong to installed services.
 */
export async function chooseStackPorts(
  chooser: PortChooser,
  usual: Partial<StackPorts>,
  fixed: FixedPorts,
): Promise<StackPorts> {
  return {
    odoo: await chooser.choose("Odoo", usual.odoo, fixed.odoo),
    sidecar: await chooser.choose("the sidecar", usual.sidecar, fixed.sidecar),
    receiver: await chooser.choose("the sample receiver", usual.receiver, fixed.receiver),
    amqp: await chooser.choose("RabbitMQ", usual.amqp, fixed.amqp),
    postgres: await chooser.choose("PostgreSQL", usual.postgres, fixed.postgres),
    epmd: await chooser.choose("Erlang's name service", usual.epmd),
    erlangDistribution: await chooser.choose("Erlang's distribution", usual.erlangDistribution),
    control: await chooser.choose("service control", usual.control),
  };
}

export const usualPorts: Partial<StackPorts> = { odoo: 8069, sidecar: 8070, receiver: 8071 };

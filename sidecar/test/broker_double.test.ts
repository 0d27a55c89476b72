import { describeBrokerContract } from "./broker_contract.ts";
import { BrokerDouble } from "./doubles/broker_double.ts";

describeBrokerContract("double", async () => {
  const broker = new BrokerDouble();
  return {
    broker,
    cut: () => broker.disconnect(),
    reach: () => broker.reconnect(),
    refuse: () => broker.disconnect(),
    close: () => broker.close(),
  };
});

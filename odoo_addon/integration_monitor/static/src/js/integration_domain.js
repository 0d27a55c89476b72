import { registry } from "@web/core/registry";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";
// web/src/integration_domain.ts
/**
* Field widget `integration_domain`: Odoo's domain editor for people who configure integrations without
* being able to read the documents. Odoo decides whether a domain is valid by counting its records, so
* to them it would call every filter invalid; here the server checks the domain itself, without a count.
*/
var IntegrationDomainField = class extends DomainField {
	static template = "integration_monitor.IntegrationDomainField";
	async checkProps(props = this.props) {
		await super.checkProps(props);
		if (this.state.isValid === false && await this.quickValidityCheck(props)) this.updateState({ isValid: true });
	}
};
registry.category("fields").add("integration_domain", {
	...domainField,
	component: IntegrationDomainField
});
export { IntegrationDomainField };

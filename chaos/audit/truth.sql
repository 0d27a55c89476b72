-- What was committed, noted by the tables themselves and not by the product: a row per change that an event has to
-- tell about, in the transaction (and savepoint) that makes it, so that it shares its fate.

CREATE TABLE chaos_change (
    id bigserial PRIMARY KEY,
    transaction_id text NOT NULL DEFAULT pg_current_xact_id()::text,
    event_type text NOT NULL,
    res_model text NOT NULL,
    res_id integer NOT NULL,
    reference text NOT NULL,
    -- Only the last row of a transaction and record counts: contacts may become colleagues' and back.
    is_told boolean NOT NULL DEFAULT true
);

CREATE FUNCTION chaos_note_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.move_type NOT IN ('out_invoice', 'out_refund', 'in_invoice', 'in_refund') THEN RETURN NULL; END IF;
    IF NEW.state = 'posted' AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM 'posted') THEN
        INSERT INTO chaos_change (event_type, res_model, res_id, reference)
        VALUES (CASE WHEN NEW.move_type IN ('in_invoice', 'in_refund') THEN 'odoo.account.bill.posted.v1'
                     ELSE 'odoo.account.invoice.posted.v1' END, 'account.move', NEW.id, COALESCE(NEW.ref, ''));
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.posted_before AND OLD.payment_state IS DISTINCT FROM NEW.payment_state THEN
        INSERT INTO chaos_change (event_type, res_model, res_id, reference)
        VALUES ('odoo.account.payment_state.changed.v1', 'account.move', NEW.id, '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON account_move
    FOR EACH ROW EXECUTE FUNCTION chaos_note_move();

CREATE FUNCTION chaos_note_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_posted boolean := TG_OP = 'UPDATE' AND OLD.state IN ('in_process', 'paid');
    is_posted boolean := NEW.state IN ('in_process', 'paid');
BEGIN
    IF is_posted <> was_posted THEN
        INSERT INTO chaos_change (event_type, res_model, res_id, reference)
        VALUES (CASE WHEN is_posted THEN 'odoo.account.payment.posted.v1'
                     ELSE 'odoo.account.payment.cancelled.v1' END, 'account.payment', NEW.id, '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON account_payment
    FOR EACH ROW EXECUTE FUNCTION chaos_note_payment();

CREATE FUNCTION chaos_note_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'purchase' AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM 'purchase') THEN
        INSERT INTO chaos_change (event_type, res_model, res_id, reference)
        VALUES ('odoo.purchase.order.confirmed.v1', 'purchase.order', NEW.id, COALESCE(NEW.partner_ref, ''));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON purchase_order
    FOR EACH ROW EXECUTE FUNCTION chaos_note_purchase();

CREATE FUNCTION chaos_note_sale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'sale' AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM 'sale') THEN
        INSERT INTO chaos_change (event_type, res_model, res_id, reference)
        VALUES ('odoo.sale.order.confirmed.v1', 'sale.order', NEW.id, COALESCE(NEW.client_order_ref, ''));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON sale_order
    FOR EACH ROW EXECUTE FUNCTION chaos_note_sale();

CREATE FUNCTION chaos_note_picking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'done' AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM 'done')
       AND (SELECT code FROM stock_picking_type WHERE id = NEW.picking_type_id) IN ('incoming', 'outgoing') THEN
        INSERT INTO chaos_change (event_type, res_model, res_id, reference)
        VALUES ('odoo.stock.transfer.done.v1', 'stock.picking', NEW.id, '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON stock_picking
    FOR EACH ROW EXECUTE FUNCTION chaos_note_picking();

CREATE FUNCTION chaos_note_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_change (event_type, res_model, res_id, reference, is_told)
    VALUES ('odoo.res.partner.changed.v1', 'res.partner', NEW.id, COALESCE(NEW.ref, ''),
            COALESCE(NEW.partner_share, false));
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note_insert AFTER INSERT ON res_partner
    FOR EACH ROW EXECUTE FUNCTION chaos_note_partner();
-- partner_share follows in an update of its own after the insert.
CREATE TRIGGER chaos_note_update AFTER UPDATE ON res_partner FOR EACH ROW
    WHEN ((OLD.name, OLD.ref, OLD.vat, OLD.email, OLD.phone, OLD.street, OLD.street2, OLD.zip, OLD.city, OLD.state_id,
           OLD.country_id, OLD.is_company, OLD.parent_id, OLD.type, OLD.active, OLD.partner_share)
          IS DISTINCT FROM
          (NEW.name, NEW.ref, NEW.vat, NEW.email, NEW.phone, NEW.street, NEW.street2, NEW.zip, NEW.city, NEW.state_id,
           NEW.country_id, NEW.is_company, NEW.parent_id, NEW.type, NEW.active, NEW.partner_share))
    EXECUTE FUNCTION chaos_note_partner();

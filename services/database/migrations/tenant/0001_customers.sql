-- Who a tenant's customers are (DAT-3).
CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    company_name varchar(255) NOT NULL CHECK (company_name <> ''),
    contact_email varchar(255) NOT NULL CHECK (contact_email LIKE '_%@_%'),
    market varchar(50) NOT NULL CHECK (market IN ('US', 'EU', 'BR', 'AR')),
    tier varchar(50) NOT NULL CHECK (tier IN ('starter', 'professional', 'enterprise')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX customers_email ON customers (lower(contact_email));
CREATE INDEX customers_market_tier ON customers (market, tier);
CREATE TRIGGER customers_touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION platform.touch();

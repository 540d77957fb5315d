-- Automations in use, each a workflow of n8n (DAT-3).
CREATE TABLE automations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    workflow_id varchar(255) NOT NULL CHECK (workflow_id <> ''),
    name varchar(255) NOT NULL CHECK (name <> ''),
    status varchar(50) NOT NULL DEFAULT 'active' CHECK (status IN ('draft', 'active', 'paused', 'retired')),
    roi_projected decimal(10, 2),
    roi_actual decimal(10, 2),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (customer_id, workflow_id)
);
CREATE INDEX automations_workflow ON automations (workflow_id);
CREATE INDEX automations_active ON automations (customer_id) WHERE status = 'active';

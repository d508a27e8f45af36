-- Database roles that dashboards log in as: one a customer, and one for staff, who see everything.
-- What such a role sees stands in core.viewer_role, as for every other; only its password does not
-- stand anywhere but, as a verifier, in the server.
CREATE TABLE core.dashboard_role (
    role_name text PRIMARY KEY REFERENCES core.viewer_role ON DELETE CASCADE,
    customer_id int REFERENCES core.customer ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    rotated_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (customer_id)
);
COMMENT ON COLUMN core.dashboard_role.customer_id IS 'NULL: the staff''s, which sees everything.';
COMMENT ON COLUMN core.dashboard_role.rotated_at IS 'When its password was made.';

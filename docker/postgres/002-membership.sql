-- Which silos form the cluster. Every change of a row moves the version of the whole table, and only by one from the version that
-- the silo has read, so that two silos never decide on different views.
CREATE TABLE orleansmembershipversiontable (
    deploymentid varchar(150)   NOT NULL PRIMARY KEY,
    "timestamp"  timestamptz(3) NOT NULL DEFAULT now(),
    version      integer        NOT NULL DEFAULT 0
);

CREATE TABLE orleansmembershiptable (
    deploymentid varchar(150)   NOT NULL REFERENCES orleansmembershipversiontable (deploymentid),
    address      varchar(45)    NOT NULL,
    port         integer        NOT NULL,
    generation   integer        NOT NULL,
    siloname     varchar(150)   NOT NULL,
    hostname     varchar(150)   NOT NULL,
    status       integer        NOT NULL,
    proxyport    integer,
    suspecttimes varchar(8000),
    starttime    timestamptz(3) NOT NULL,
    iamalivetime timestamptz(3) NOT NULL,
    PRIMARY KEY (deploymentid, address, port, generation)
);

-- One row with the number of silo rows that were changed: 1, or 0 when the version had moved on and nothing was.
CREATE FUNCTION openbitum_insert_membership(
    in_deployment varchar, in_address varchar, in_port integer, in_generation integer, in_silo varchar, in_host varchar,
    in_status integer, in_proxy integer, in_start timestamptz, in_alive timestamptz, in_version integer)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orleansmembershipversiontable SET version = version + 1, "timestamp" = now()
    WHERE deploymentid = in_deployment AND version = in_version;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;

    INSERT INTO orleansmembershiptable
        (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
    VALUES
        (in_deployment, in_address, in_port, in_generation, in_silo, in_host, in_status, in_proxy, in_start, in_alive);
    RETURN 1;
EXCEPTION WHEN unique_violation THEN
    -- The silo is there already. The block's work is undone, the moved version too.
    RETURN 0;
END
$$;

CREATE FUNCTION openbitum_update_membership(
    in_deployment varchar, in_address varchar, in_port integer, in_generation integer, in_status integer,
    in_suspects varchar, in_alive timestamptz, in_version integer)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orleansmembershipversiontable SET version = version + 1, "timestamp" = now()
    WHERE deploymentid = in_deployment AND version = in_version;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;

    UPDATE orleansmembershiptable SET status = in_status, suspecttimes = in_suspects, iamalivetime = in_alive
    WHERE deploymentid = in_deployment AND address = in_address AND port = in_port AND generation = in_generation;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found';
    END IF;

    RETURN 1;
EXCEPTION WHEN no_data_found THEN
    RETURN 0;
END
$$;

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey',
    'WITH inserted AS (
        INSERT INTO orleansmembershipversiontable (deploymentid) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
     SELECT count(*)::integer AS row_count FROM inserted'),
('InsertMembershipKey',
    'SELECT openbitum_insert_membership(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
        @StartTime, @IAmAliveTime, @Version) AS row_count'),
('UpdateMembershipKey',
    'SELECT openbitum_update_membership(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime,
        @Version) AS row_count'),
('UpdateIAmAlivetimeKey',
    'UPDATE orleansmembershiptable SET iamalivetime = @IAmAliveTime
     WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadRowKey',
    -- The version is answered even when there is no such silo.
    'SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes,
        m.starttime, m.iamalivetime, v.version
     FROM orleansmembershipversiontable v
     LEFT JOIN orleansmembershiptable m
        ON m.deploymentid = v.deploymentid AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
     WHERE v.deploymentid = @DeploymentId'),
('MembershipReadAllKey',
    'SELECT v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes,
        m.starttime, m.iamalivetime, v.version
     FROM orleansmembershipversiontable v
     LEFT JOIN orleansmembershiptable m ON m.deploymentid = v.deploymentid
     WHERE v.deploymentid = @DeploymentId'),
('DeleteMembershipTableEntriesKey',
    'DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId;
     DELETE FROM orleansmembershipversiontable WHERE deploymentid = @DeploymentId'),
('GatewaysQueryKey',
    'SELECT address, proxyport, generation FROM orleansmembershiptable
     WHERE deploymentid = @DeploymentId AND status = @Status AND proxyport > 0'),
('CleanupDefunctSiloEntriesKey',
    -- 3 is Active: a silo that is late with its sign of life is not yet gone.
    'DELETE FROM orleansmembershiptable
     WHERE deploymentid = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3');

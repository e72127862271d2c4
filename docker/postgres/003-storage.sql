-- Grain records. A row's identity is service, state name and grain key; its version is the ETag.
CREATE TABLE orleansstorage (
    grainidhash            integer      NOT NULL,
    grainidn0              bigint       NOT NULL,
    grainidn1              bigint       NOT NULL,
    graintypehash          integer      NOT NULL,
    graintypestring        varchar(512) NOT NULL,
    grainidextensionstring varchar(512),
    serviceid              varchar(150) NOT NULL,
    payloadbinary          bytea,
    modifiedon             timestamp    NOT NULL,
    version                integer
);

-- Orleans' own script has no unique key: two activations of one grain, as a split cluster may have, could then both insert a first
-- record and each go on from its own. The hashes come first because the reads look by them; the rest settles their collisions.
CREATE UNIQUE INDEX orleansstorage_identity ON orleansstorage (
    grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, coalesce(grainidextensionstring, ''), serviceid);

-- The new version; null or the old one when somebody else was first, which the provider throws as InconsistentStateException.
CREATE FUNCTION openbitum_write_record(
    in_idhash integer, in_n0 bigint, in_n1 bigint, in_typehash integer, in_type varchar, in_extension varchar, in_service varchar,
    in_version integer, in_payload bytea)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    written integer := in_version;
BEGIN
    IF in_version IS NULL THEN
        -- Waits for a concurrent first record of the same grain, then does nothing.
        INSERT INTO orleansstorage
            (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid, payloadbinary,
             modifiedon, version)
        VALUES
            (in_idhash, in_n0, in_n1, in_typehash, in_type, in_extension, in_service, in_payload, now() AT TIME ZONE 'utc', 1)
        ON CONFLICT DO NOTHING
        RETURNING version INTO written;
    ELSE
        UPDATE orleansstorage
        SET payloadbinary = in_payload, modifiedon = now() AT TIME ZONE 'utc', version = version + 1
        WHERE grainidhash = in_idhash AND graintypehash = in_typehash AND grainidn0 = in_n0 AND grainidn1 = in_n1
            AND graintypestring = in_type AND coalesce(grainidextensionstring, '') = coalesce(in_extension, '')
            AND serviceid = in_service AND version = in_version
        RETURNING version INTO written;
        written := coalesce(written, in_version);
    END IF;

    RETURN written;
END
$$;

INSERT INTO orleansquery (querykey, querytext) VALUES
('WriteToStorageKey',
    'SELECT openbitum_write_record(@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString,
        @GrainIdExtensionString, @ServiceId, @GrainStateVersion, @PayloadBinary) AS newgrainstateversion'),
('ReadFromStorageKey',
    'SELECT payloadbinary, now() AT TIME ZONE ''utc'' AS readat, version FROM orleansstorage
     WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
        AND graintypestring = @GrainTypeString
        AND coalesce(grainidextensionstring, '''') = coalesce(@GrainIdExtensionString, '''') AND serviceid = @ServiceId'),
('ClearStorageKey',
    'UPDATE orleansstorage SET payloadbinary = NULL, version = version + 1
     WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
        AND graintypestring = @GrainTypeString
        AND coalesce(grainidextensionstring, '''') = coalesce(@GrainIdExtensionString, '''') AND serviceid = @ServiceId
        AND version = @GrainStateVersion
     RETURNING version AS newgrainstateversion'),
('DeleteStorageKey',
    'DELETE FROM orleansstorage
     WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
        AND graintypestring = @GrainTypeString
        AND coalesce(grainidextensionstring, '''') = coalesce(@GrainIdExtensionString, '''') AND serviceid = @ServiceId
        AND version = @GrainStateVersion
     RETURNING version + 1 AS newgrainstateversion');

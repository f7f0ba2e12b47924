import {
  beginBlocks,
  claimChunks,
  claimRetries,
  ensurePartitions,
  recordResults,
  releaseChunks,
  releaseRetries,
  renewLeases,
  type Database,
} from '@runnel/repositories'

/** Everything that sending asks of the database. Each call rejects while that is away, and may then have worked all the same. */
export type SendStore = ReturnType<typeof createSendStore>

export function createSendStore(database: Database) {
  return {
    claimChunks: bind(database, claimChunks),
    claimRetries: bind(database, claimRetries),
    beginBlocks: bind(database, beginBlocks),
    renewLeases: bind(database, renewLeases),
    releaseChunks: bind(database, releaseChunks),
    releaseRetries: bind(database, releaseRetries),
    recordResults: bind(database, recordResults),
    ensurePartitions: bind(database, ensurePartitions),
  }
}

function bind<A extends readonly unknown[], R>(
  database: Database,
  run: (database: Database, ...rest: A) => R,
) {
  return (...rest: A): R => run(database, ...rest)
}

import { type Database, ensurePartitions } from '@runnel/repositories-database'
import {
  beginBlocks,
  claimChunks,
  claimRetries,
  recordResults,
  releaseChunks,
  releaseRetries,
  renewLeases,
  restMailing,
} from '@runnel/repositories-mailings'

/** All queries of sending. Each call rejects while the database is unreachable, and may have taken effect even so. */
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
    restMailing: bind(database, restMailing),
    ensurePartitions: (timesMs: readonly number[]) => ensurePartitions(database, timesMs, ['attempt']),
  }
}

function bind<A extends readonly unknown[], R>(
  database: Database,
  query: (database: Database, ...parameters: A) => R,
) {
  return (...parameters: A): R => query(database, ...parameters)
}

export { findClient, listClients, type ClientFilter } from './read-clients.ts'
export {
  findImport,
  listImportErrors,
  listImports,
  type NumberedImportError,
  type StoredImport,
} from './read-imports.ts'
export type { ClientMembers, StoredClient } from './stored-client.ts'
export type { ClientUpsert, UpsertOutcome } from './upsert-clients.ts'
export { createClient, deleteClient, updateClient } from './write-clients.ts'
export {
  finishImport,
  MAX_KEPT_ERRORS,
  startImport,
  storeImportBatch,
  type ImportBatch,
  type ImportCounts,
  type ImportError,
  type StoredBatch,
} from './write-imports.ts'

export { beginBlocks, type BeginOptions, type BegunBlock, type Block } from './begin-blocks.ts'
export { claimChunks, type ClaimChunksOptions, type ClaimedChunk } from './claim-chunks.ts'
export { claimRetries, type ClaimedRetries } from './claim-retries.ts'
export { recordResults } from './record-results.ts'
export { releaseChunks, type ChunkRelease } from './release-chunks.ts'
export { releaseRetries } from './release-retries.ts'
export { renewLeases, type ChunkLease } from './renew-leases.ts'
export type {
  AttemptRecord,
  ClaimOptions,
  LeaseRequest,
  Recipient,
  RecordLease,
  SendClient,
  SendMailing,
  SendRecord,
} from './send-types.ts'

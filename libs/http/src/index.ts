export { declareAccess, declaredRoutes } from './access/declared-access.ts'
export type { DirectoryState, KeyDirectory, KeyRecord } from './access/key-directory.ts'
export type { Principal } from './access/principal.ts'
export type { RouteAccess } from './access/route-access.ts'
export { actorOf } from './actor-of.ts'
export { cutRequests } from './connections/cut-requests.ts'
export {
  createHttpServer,
  DEFAULT_HTTP_OPTIONS,
  type HttpOptions,
  type HttpServer,
} from './create-http-server.ts'
export type { ReadinessCheck } from './health-routes.ts'
export { createHostCheck, type HostCheck } from './hosts/host-check.ts'
export { cursorOfAnotherList, decodeCursor, encodeCursor, invalidCursor } from './paging/cursor.ts'
export { encodeIdCursor, parseIdCursor } from './paging/id-cursor.ts'
export { CursorParameter, IdParameters, limitParameter, toSizedIdPage, toSizedPage } from './paging/page.ts'
export { ProblemSchema, retryAfterSeconds, statusOf } from './problem.ts'
export { EMAIL_PAGE_POLICY } from './secure-answers.ts'
export { EventStream, formatEvent } from './sse/event-stream.ts'
export { EventStreams } from './sse/event-streams.ts'
export { sendEvents } from './sse/send-events.ts'
export { createAddressOf, createPeerOf, type AddressOf, type PeerOf } from './sharing/peer-of.ts'
export { createShares, partOfPeer, type CreateShare } from './sharing/create-shares.ts'
export { FairShare, type Caller, type Release } from './sharing/fair-share.ts'
export { callerOf, OWN_CALLER, RequestCallers } from './sharing/request-callers.ts'
export { toAppError } from './to-app-error.ts'

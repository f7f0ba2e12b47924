import type { Server } from 'node:http'

/**
 * Cuts what is still under way at the last call of a drain: a client that does not read its answer, or does not end its request,
 * holds up nothing else. Idle connections end by themselves when the server closes.
 */
export function cutRequests(server: Pick<Server, 'closeAllConnections'>, lastCall: AbortSignal): void {
  lastCall.addEventListener('abort', () => server.closeAllConnections())
}

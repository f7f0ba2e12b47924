import { callerOf, type CreateShare, type PeerOf } from '@runnel/http'
import type { FastifyRequest } from 'fastify'
import type { BodyBudget } from './body-budget.ts'

/**
 * Bodies that are inflated at a time: as many as the thread pool has threads. What a body becomes is known afterwards, so
 * that this many may for a moment be as large as the limit of a body without being charged.
 */
const AT_A_TIME = 4
/** Bodies that wait for that are in memory, and small. */
const MAX_WAITING = 1000
const WAIT_MS = 5000

/** Inflates the body of a request when it is its turn, and charges what came of it. */
export type InflateInTurn = (request: FastifyRequest, inflate: () => Promise<Buffer>) => Promise<Buffer>

/** @throws AppError too_busy | too_many_requests_of_peer, and what inflating throws; from the function that is returned */
export function createInflateInTurn(
  createShare: CreateShare,
  budget: BodyBudget,
  peerOf: PeerOf,
): InflateInTurn {
  const share = createShare({
    name: 'inflating',
    what: 'compressed bodies',
    permits: AT_A_TIME,
    waiting: MAX_WAITING,
    waitMs: WAIT_MS,
  })
  return (request, inflate) =>
    share.run(callerOf(request, peerOf), async () => {
      const bytes = await inflate()
      budget.chargeInflated(request, bytes.length)
      return bytes
    })
}

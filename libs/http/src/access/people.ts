import type { AppError } from '@runnel/contracts'
import type { FastifyRequest } from 'fastify'
import type { Principal } from './principal.ts'

/** How an app recognises people who have signed in: query-api, by sessions. What it forwards has their identity. */
export interface People {
  /**
   * Asked where a request has no key.
   *
   * @returns undefined at once where the request names no session; else who it is, or AppError session_ended or
   * access_unavailable
   */
  authenticate(request: FastifyRequest): Promise<Principal | AppError> | undefined
}

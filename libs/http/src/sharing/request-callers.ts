import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Caller } from './fair-share.ts'
import type { PeerOf } from './peer-of.ts'

/** What this process does on its own behalf. */
export const OWN_CALLER: Caller = { peer: 'this process', onGone: () => () => undefined }

/** The sender of a request, for as long as its connection lasts. */
export function callerOf(request: FastifyRequest, peerOf: PeerOf): Caller {
  const { socket } = request.raw
  return {
    peer: peerOf(request),
    onGone: (leave) => {
      if (socket.destroyed) leave()
      else socket.once('close', leave)
      return () => socket.off('close', leave)
    },
  }
}

/** Knows on whose behalf code runs: whatever a request begins counts for its sender, through caches and loaders too. */
export class RequestCallers {
  readonly #requests = new AsyncLocalStorage<FastifyRequest>()
  readonly #peerOf: PeerOf

  /** Has to be made before the routes that it is to follow. */
  constructor(app: FastifyInstance, peerOf: PeerOf) {
    this.#peerOf = peerOf
    app.addHook('onRequest', (request, _reply, done) => this.#requests.run(request, done))
  }

  /** The sender of the request that this code runs for; else this process. */
  current(): Caller {
    const request = this.#requests.getStore()
    return request ? callerOf(request, this.#peerOf) : OWN_CALLER
  }

  /** @returns a function that runs others on behalf of the present caller, whatever calls it later */
  keep(): <T>(work: () => T) => T {
    return AsyncLocalStorage.snapshot()
  }
}

import { FailureLimit } from '@runnel/http'
import type { StreamProtocol } from '../listener.ts'
import { FluentSession } from './fluent-session.ts'
import { Handshake } from './handshake.ts'

/**
 * The forward protocol of Fluentd and Fluent Bit, version 1.
 *
 * @param sharedKey that senders have to prove to have; empty: they are not asked
 */
export function createFluentStream(sharedKey: string): StreamProtocol {
  const failures = new FailureLimit(() => performance.now())
  return {
    open: (peer, limits) =>
      new FluentSession(limits, sharedKey === '' ? undefined : new Handshake(sharedKey, peer, failures)),
  }
}

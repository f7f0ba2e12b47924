import { AppError } from '@runnel/contracts'
import type { WireHandshake } from '../../wire-format.ts'

/**
 * What a sender asks whether it may deliver here (HTTP 1.1 Web Hooks for Event Delivery): only then would it begin. A callback that
 * it may ask for is never called.
 *
 * @param origins host names that may; `*` for all
 */
export function webhookHandshake(url: string, origins: readonly string[]): WireHandshake {
  const allowed = new Set(origins.map((origin) => origin.toLowerCase()))
  return {
    method: 'OPTIONS',
    url,
    summary: 'Whether a sender may deliver CloudEvents as a WebHook',
    // It is asked before a key is sent, and says nothing but whether a name is in the list.
    access: 'public',
    answer({ headers }) {
      const origin = headers['webhook-request-origin']
      if (typeof origin !== 'string' || origin === '') {
        return { status: 204, headers: { allow: 'OPTIONS, POST' }, body: undefined }
      }
      if (!allowed.has('*') && !allowed.has(origin.toLowerCase())) {
        throw new AppError('forbidden', 'This origin may not deliver CloudEvents here', {
          field: 'webhook-request-origin',
          expected: 'one of CLOUD_EVENTS_WEBHOOK_ORIGINS',
        })
      }
      const granted = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' }
      return { status: 200, headers: { allow: 'OPTIONS, POST', ...granted }, body: undefined }
    },
  }
}

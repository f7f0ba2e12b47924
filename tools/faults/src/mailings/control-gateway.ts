import type { GatewayCalls, GatewayStats } from '@runnel/contracts/api/fake-gateway'
import { ensure } from '../ensure.ts'
import type { ChannelCall, ChannelReceiver } from './receivers/channel-call.ts'

export interface GatewayControl extends ChannelReceiver {
  stats(): Promise<GatewayStats>
}

const PAGE = 10_000
const TIMEOUT_MS = 30_000

/** @param url of producer-sim */
export function controlGateway(url: string): GatewayControl {
  const sendRequest = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(`${url}/api/v1/gateway${path}`, {
      ...init,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    ensure(response.ok, `the gateway answered ${path} with ${response.status}: ${text}`)
    return JSON.parse(text) as T
  }
  return {
    patch: async (change) => {
      const headers = { 'content-type': 'application/json' }
      await sendRequest('', { method: 'PATCH', headers, body: JSON.stringify(change) })
    },
    stats: () => sendRequest('/stats'),
    calls: async () => {
      const all: ChannelCall[] = []
      for (let cursor: string | null = '0'; cursor !== null;) {
        const page: GatewayCalls = await sendRequest(`/calls?limit=${PAGE}&cursor=${cursor}`)
        for (const { phone, ...call } of page.items) all.push({ ...call, address: String(phone) })
        cursor = page.nextCursor
      }
      return all
    },
  }
}

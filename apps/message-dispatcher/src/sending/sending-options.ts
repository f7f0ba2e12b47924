import type { BreakerOptions } from './breaker/shared-breaker.ts'
import type { EngineOptions } from './engine-deps.ts'
import type { GatewayOptions } from './gateway/undici-gateway.ts'

export interface SendingOptions {
  readonly engine: EngineOptions
  readonly gateway: GatewayOptions
  readonly breaker: BreakerOptions
  /** Messages per second of all replicas together; 0: no limit. */
  readonly ratePerSecond: number
}

import type { AppError, KeyQuotas, QuotaName } from '@runnel/contracts'
import { refusal } from '../refusal.ts'
import { DebtBucket } from './debt-bucket.ts'

export type RateName = 'requests' | 'events' | 'bytes'
export type ShareName = 'reads' | 'tails' | 'exports'

const RATES = ['requests', 'events', 'bytes'] as const satisfies readonly RateName[]
/** A place becomes free when a request of the same key ends, whenever that is. */
const RETRY_SHARE_MS = 1000

/** What one key uses at this replica, against its quotas. */
export class KeyMeter {
  private readonly buckets: ReadonlyMap<RateName, DebtBucket>
  private readonly running: Record<ShareName, number> = { reads: 0, tails: 0, exports: 0 }
  private readonly quotas: KeyQuotas

  constructor(quotas: KeyQuotas) {
    this.quotas = quotas
    this.buckets = new Map(
      RATES.flatMap((name) => {
        const perSecond = quotas[name]
        return perSecond === undefined ? [] : [[name, new DebtBucket(perSecond)] as const]
      }),
    )
  }

  /**
   * Begins a request.
   *
   * @param share of which it takes a place until the returned function is called; undefined where nothing has to be given back
   * @throws AppError `quota_exceeded`; nothing has been taken then
   */
  begin(share: ShareName | undefined, nowMs: number): (() => void) | undefined {
    for (const [name, bucket] of this.buckets) {
      const waitMs = bucket.waitMs(nowMs)
      if (waitMs > 0) throw exceeded(name, bucket.perSecond, waitMs)
    }
    const most = share && this.quotas[share]
    if (share !== undefined && most !== undefined && this.running[share] >= most)
      throw exceeded(share, most, RETRY_SHARE_MS)
    this.buckets.get('requests')?.take(1, nowMs)
    if (share === undefined || most === undefined) return undefined
    this.running[share]++
    return () => void this.running[share]--
  }

  /** Pays for events or bytes once their number is known. */
  charge(name: 'events' | 'bytes', units: number, nowMs: number): void {
    if (units > 0) this.buckets.get(name)?.take(units, nowMs)
  }

  /** @returns RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers); undefined where no rate is limited */
  headers(nowMs: number): Record<string, string> | undefined {
    if (this.buckets.size === 0) return undefined
    const parts = [...this.buckets].map(([name, bucket]) => ({
      policy: `"${name}";q=${bucket.perSecond};w=1`,
      limit: `"${name}";r=${bucket.left(nowMs)};t=${Math.ceil(bucket.waitMs(nowMs) / 1000)}`,
    }))
    return {
      'ratelimit-policy': parts.map(({ policy }) => policy).join(', '),
      ratelimit: parts.map(({ limit }) => limit).join(', '),
    }
  }
}

function exceeded(quota: QuotaName, most: number, retryAfterMs: number): AppError {
  const what = ['requests', 'events', 'bytes'].includes(quota)
    ? `${most} ${quota} per second`
    : `${most} ${quota} at a time`
  return refusal('quota_exceeded', `The quota of this API key is used up: ${what}`, {
    retryAfterMs,
    extra: { quota },
  })
}

import type { AppError, KeyQuotas, QuotaName } from '@runnel/contracts'
import { refusal } from '../refusal.ts'
import { DebtBucket } from './debt-bucket.ts'

export type RateName = 'requests' | 'events' | 'bytes'
export type ShareName = 'reads' | 'tails' | 'exports'

const RATES = ['requests', 'events', 'bytes'] as const satisfies readonly RateName[]
/** A place becomes free when a request of the same key ends, whenever that is. */
const RETRY_SHARE_MS = 1000

/** A rate that is limited. */
interface Rate {
  readonly name: RateName
  readonly bucket: DebtBucket
}

/** What one key uses at this replica, against its quotas. */
export class KeyMeter {
  /** RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers); undefined where no rate is limited. */
  readonly policy: string | undefined
  private readonly rates: readonly Rate[]
  private readonly running: Record<ShareName, number> = { reads: 0, tails: 0, exports: 0 }
  private readonly quotas: KeyQuotas

  constructor(quotas: KeyQuotas) {
    this.quotas = quotas
    this.rates = RATES.flatMap((name) => {
      const perSecond = quotas[name]
      return perSecond === undefined ? [] : [{ name, bucket: new DebtBucket(perSecond) }]
    })
    const policies = this.rates.map(({ name, bucket }) => `"${name}";q=${bucket.perSecond};w=1`)
    this.policy = policies.length === 0 ? undefined : policies.join(', ')
  }

  /**
   * Begins a request. A flood is refused as often as it asks: what refuses throws nothing, which would cost more than the rest.
   *
   * @param share of which it takes a place until {@link end} is called
   * @returns AppError `quota_exceeded`, and nothing has been taken then
   */
  begin(share: ShareName | undefined, nowMs: number): AppError | undefined {
    for (const { name, bucket } of this.rates) {
      const waitMs = bucket.waitMs(nowMs)
      if (waitMs > 0) return exceeded(name, bucket.perSecond, waitMs)
    }
    const most = share && this.quotas[share]
    if (share !== undefined && most !== undefined) {
      if (this.running[share] >= most) return exceeded(share, most, RETRY_SHARE_MS)
      this.running[share]++
    }
    this.charge('requests', 1, nowMs)
    return undefined
  }

  /** Whether a request of this share has to be ended. */
  isLimited(share: ShareName | undefined): share is ShareName {
    return share !== undefined && this.quotas[share] !== undefined
  }

  /** Gives the place of a request back, once. */
  end(share: ShareName): void {
    this.running[share]--
  }

  /** Pays for units once their number is known. */
  charge(what: RateName, units: number, nowMs: number): void {
    if (units <= 0) return
    for (const { name, bucket } of this.rates) if (name === what) bucket.take(units, nowMs)
  }

  /** @returns RateLimit, of the draft of {@link policy} */
  limit(nowMs: number): string {
    let text = ''
    for (const { name, bucket } of this.rates) {
      const seconds = Math.ceil(bucket.waitMs(nowMs) / 1000)
      text += `${text === '' ? '' : ', '}"${name}";r=${bucket.left(nowMs)};t=${seconds}`
    }
    return text
  }
}

function exceeded(quota: QuotaName, most: number, retryAfterMs: number): AppError {
  const amount = most === 1 ? `1 ${quota.slice(0, -1)}` : `${most} ${quota}`
  const what = ['requests', 'events', 'bytes'].includes(quota)
    ? `${amount} per second`
    : `${amount} at a time`
  return refusal('quota_exceeded', `The quota of this API key is used up: ${what}`, {
    retryAfterMs,
    extra: { quota },
  })
}

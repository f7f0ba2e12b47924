import { acceptedSecrets } from '@runnel/runtime'
import type { UnsubscribeOptions } from './settings.ts'
import { createUnsubscribeTokens, type UnsubscribeClaim } from './unsubscribe-token.ts'

/** Under the public address. */
export const UNSUBSCRIBE_PATH = '/unsubscribe'

/** The links by which people opt out. */
export interface UnsubscribeLinks {
  of(claim: UnsubscribeClaim): string
  /** Stands for one where nothing is sent. */
  readonly example: string
  decode(token: string): UnsubscribeClaim | undefined
}

type UnsubscribeLinkOptions = Omit<UnsubscribeOptions, 'secretSecond'> & Partial<UnsubscribeOptions>

/** @returns undefined where they are not configured */
export function createUnsubscribeLinks({
  url,
  secret,
  secretSecond,
}: UnsubscribeLinkOptions): UnsubscribeLinks | undefined {
  if (url === undefined || secret === undefined) return undefined
  const tokens = createUnsubscribeTokens(secret)
  const others = acceptedSecrets(secret, secretSecond).slice(1).map(createUnsubscribeTokens)
  return {
    of: (claim) => `${url}${UNSUBSCRIBE_PATH}/${tokens.encode(claim)}`,
    example: `${url}${UNSUBSCRIBE_PATH}/example`,
    decode: (token) =>
      [tokens, ...others].map(({ decode }) => decode(token)).find((claim) => claim !== undefined),
  }
}

import type { Role } from '@runnel/contracts'
import type { AppName } from '@runnel/contracts/apps'
import type { KeyDirectory } from './key-directory.ts'
import type { People } from './people.ts'

/** Whom an app lets in; most of it are the settings of accessSettings. */
export interface AccessOptions {
  /** `keys`: every route asks for what it declares. Else everything is open, which is for loopback. */
  readonly auth: 'keys' | 'none' | 'unset'
  /** The app itself: identities that name another one are refused. */
  readonly app: AppName
  /** Without a directory, no key is accepted. */
  readonly keys?: KeyDirectory | undefined
  /** Without, people sign in nowhere here; they may come with the identity that another app signed. */
  readonly people?: People | undefined
  /** What is open to other machines, for the page of the system; undefined: nothing. */
  readonly note?: string | undefined
  /** Shared by the apps: with it they sign on whose behalf they ask each other. Empty: no identity is accepted. */
  readonly identitySecret: string
  /** Accepted beside it, while it is rotated. */
  readonly identitySecretSecond?: string
  /** Whose `X-Forwarded-User` is believed; that of others is ignored. */
  readonly forwardedUser: {
    /** IP addresses and networks of proxies that log people in. */
    readonly networks: readonly string[]
    /** What such a proxy sends as `X-Forwarded-User-Secret`; empty: networks alone count. */
    readonly secret: string
    /** Accepted beside it, while it is rotated. */
    readonly secretSecond?: string
    /** What its people may do. */
    readonly role: Role
  }
}

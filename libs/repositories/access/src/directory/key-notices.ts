import { acceptedSecrets } from '@runnel/runtime'
import { decodeChanges, encodeChanges, type KeyChanges } from './key-changes.ts'
import { seal, unseal } from './seal.ts'

/** The part of a broker that notices need; see Notices of @runnel/messaging. */
export interface NoticeChannel {
  send(subject: string, payload: Uint8Array): void
  subscribe(subject: string, receive: (payload: Uint8Array) => void): () => void
}

export interface KeyNoticesOptions {
  readonly channel: NoticeChannel
  /** Topology.keys and Topology.keysWanted. */
  readonly subjects: { readonly keys: string; readonly keysWanted: string }
  /** Shared by the apps of the installation: what it did not sign is ignored. */
  readonly secret: string
  /** What this one signed is taken too, while the secret is rotated. */
  readonly secretSecond?: string | undefined
}

/** Keys in one notice: it stays far below the megabyte that a message may have. */
const KEYS_PER_NOTICE = 500
const MAX_NOTICE_BYTES = 1024 ** 2
/** Digits of a version. */
const WANTED = /^\d{1,16}$/

/** Changes of keys over the broker. A notice may get lost, come twice and come late: versions tell. */
export class KeyNotices {
  private readonly options: KeyNoticesOptions

  constructor(options: KeyNoticesOptions) {
    this.options = options
  }

  /** Sends changes, in as many notices as they take. */
  announce(changes: KeyChanges): void {
    const { channel, subjects, secret } = this.options
    for (let done = 0, from = changes.from; done === 0 || done < changes.keys.length;) {
      const keys = changes.keys.slice(done, done + KEYS_PER_NOTICE)
      done += KEYS_PER_NOTICE
      const to = done < changes.keys.length ? (keys.at(-1)?.changedIn ?? from) : changes.to
      channel.send(subjects.keys, seal(secret, 'key-notice', encodeChanges({ ...changes, from, to, keys })))
      from = to
    }
  }

  /** Asks for everything after a version. */
  want(version: number): void {
    this.options.channel.send(this.options.subjects.keysWanted, Buffer.from(String(version)))
  }

  /** @returns a function that ends it */
  onChanges(receive: (changes: KeyChanges) => void): () => void {
    const { channel, subjects, secret, secretSecond } = this.options
    const secrets = acceptedSecrets(secret, secretSecond)
    return channel.subscribe(subjects.keys, (payload) => {
      if (payload.length > MAX_NOTICE_BYTES) return
      const text = unseal(secrets, 'key-notice', payload)
      if (text !== undefined) receive(decodeChanges(text))
    })
  }

  /** @returns a function that ends it */
  onWanted(receive: (version: number) => void): () => void {
    const { channel, subjects } = this.options
    return channel.subscribe(subjects.keysWanted, (payload) => {
      const text = Buffer.from(payload.subarray(0, 20)).toString('latin1')
      if (WANTED.test(text)) receive(Number(text))
    })
  }
}

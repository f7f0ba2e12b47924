import type { KeyDirectory, KeyRecord } from './key-directory.ts'
import type { Principal } from './principal.ts'

/** Keys of which texts are remembered; beyond them, those of the key that came first are forgotten. */
const MAX_KEYS = 10_000
/** Of one key, so that its holder fills no more: two secrets while it is rotated, and another way to write them. */
const MAX_TEXTS_OF_KEY = 3
/** Longer texts are verified each time. */
const MAX_CHARACTERS = 256

/** A key whose secret was right. */
export interface VerifiedKey {
  readonly record: KeyRecord
  readonly hash: KeyRecord['hashes'][number]
  readonly principal: Principal
  /** Undefined: from everywhere. */
  readonly isAllowedFrom: ((address: string) => boolean) | undefined
}

/**
 * Texts that were verified, by which their keys are found again without reading and hashing. Only right ones get here, so that
 * wrong ones fill nothing; at most 8 MB of them.
 */
export class VerifiedTexts {
  private readonly byText = new Map<string, VerifiedKey>()
  private readonly textsOf = new Map<string, string[]>()
  private readonly directory: Pick<KeyDirectory, 'find'>
  private readonly maxKeys: number

  constructor(directory: Pick<KeyDirectory, 'find'>, maxKeys = MAX_KEYS) {
    this.directory = directory
    this.maxKeys = maxKeys
  }

  get size(): number {
    return this.byText.size
  }

  /** @returns undefined where the key is not what it was when the text was verified: revoked, rotated, bound to other networks */
  find(text: string): VerifiedKey | undefined {
    const known = this.byText.get(text)
    if (known === undefined) return undefined
    if (this.directory.find(known.record.id) === known.record) return known
    this.forget(known.record.id)
    return undefined
  }

  add(text: string, key: VerifiedKey): void {
    if (text.length > MAX_CHARACTERS) return
    const { id } = key.record
    const texts = this.textsOf.get(id) ?? this.begin(id)
    if (texts.length >= MAX_TEXTS_OF_KEY) this.byText.delete(texts.shift()!)
    texts.push(text)
    this.byText.set(text, key)
  }

  private begin(keyId: string): string[] {
    if (this.textsOf.size >= this.maxKeys) this.forget(this.textsOf.keys().next().value!)
    const texts: string[] = []
    this.textsOf.set(keyId, texts)
    return texts
  }

  private forget(keyId: string): void {
    for (const text of this.textsOf.get(keyId) ?? []) this.byText.delete(text)
    this.textsOf.delete(keyId)
  }
}

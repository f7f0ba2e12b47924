import { isJsonObject, readTraceId, type JsonValue } from '@runnel/contracts'
import { jsonbText } from './jsonb-text.ts'
import { FoldedText } from './folded-text.ts'
import type { MemberPlaces } from './log-query/member-places.ts'

/** What is looked at in an entry. */
export interface MatchedLog {
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  readonly data: JsonValue
}

/**
 * An entry that many filters look at: what they have in common (its JSON as text, its text in lower case, its members as
 * texts) is made once, for the first of them. Keep it only as long as filters are asked.
 */
export class SearchableLog {
  readonly level: string | null
  readonly service: string | null
  readonly #log: MatchedLog
  readonly #members = new Map<string, readonly (string | undefined)[]>()
  readonly #values = new Map<string, readonly JsonValue[]>()
  #text: FoldedText | undefined

  constructor(log: MatchedLog) {
    this.level = log.level
    this.service = log.service
    this.#log = log
  }

  /** Where words are looked for: the message; in an entry without one, the whole of its JSON. */
  get text(): FoldedText {
    return (this.#text ??= new FoldedText(this.#log.message ?? jsonbText(this.#log.data)))
  }

  /** The message alone. */
  get message(): FoldedText | undefined {
    return this.#log.message === null ? undefined : this.text
  }

  /** The values at those places that there are. */
  valuesAt({ key, paths }: MemberPlaces): readonly JsonValue[] {
    let values = this.#values.get(key)
    if (!values) {
      const all = paths.map((path) => path.reduce<JsonValue | undefined>(member, this.#log.data))
      this.#values.set(key, (values = all.filter((value) => value !== undefined)))
    }
    return values
  }

  /** The trace that it belongs to. */
  get traceId(): string | undefined {
    return isJsonObject(this.#log.data) ? readTraceId(this.#log.data) : undefined
  }

  /** @returns whether `attributes`, or the entry itself, has a member with this text */
  hasMember(name: string, text: string): boolean {
    let texts = this.#members.get(name)
    if (!texts) {
      const { data } = this.#log
      texts = [memberText(member(data, 'attributes'), name), memberText(data, name)]
      this.#members.set(name, texts)
    }
    return texts.includes(text)
  }
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return value !== undefined && isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** As `->>` gives it. */
function memberText(value: JsonValue | undefined, name: string): string | undefined {
  const found = member(value, name)
  if (found === undefined || found === null) return undefined
  return typeof found === 'string' ? found : jsonbText(found)
}

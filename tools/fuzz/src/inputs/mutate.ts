import fc from 'fast-check'
import { SNIPPETS } from './hostile-text.ts'

/** Numbers that say what to do to a text; which text is known only in the run. */
type Mutation = readonly [how: number, where: number, what: number]

const mutation: fc.Arbitrary<Mutation> = fc.tuple(fc.nat(6), fc.nat(1_000_000), fc.nat(1_000_000))

/** Mostly none or few: an input that is broken everywhere is refused at its first character. */
const mutations = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Mutation[]>([]) },
  { weight: 4, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }) },
)

/** Valid texts, and the same cut, repeated, with a foreign piece or a flipped bit. */
export function mutatedText(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, mutations).map(([text, changes]) => changes.reduce(mutateText, text))
}

function mutateText(text: string, [how, where, what]: Mutation): string {
  const at = where % (text.length + 1)
  const length = what % 12
  if (how === 0) return text.slice(0, at)
  if (how === 1) return text.slice(0, at) + text.slice(at + length)
  if (how === 2) return text.slice(0, at) + text.slice(Math.max(0, at - length))
  if (how === 3)
    return (
      text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (what % 8))) + text.slice(at + 1)
    )
  if (how === 4) return text.slice(0, at) + '[{"a":'[what % 6]!.repeat(what % 80) + text.slice(at)
  return text.slice(0, at) + SNIPPETS[what % SNIPPETS.length]! + text.slice(at)
}

/** The bytes of such texts, which may be no UTF-8 any more, and some that never were. */
export function mutatedBytes(texts: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const flipped = fc.tuple(texts, fc.nat(), fc.nat(7)).map(([text, at, bit]) => {
    const bytes = Buffer.from(text)
    if (bytes.length > 0) bytes[at % bytes.length]! ^= 1 << bit
    return bytes
  })
  const random = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes))
  return fc.oneof(
    { weight: 6, arbitrary: mutatedText(texts).map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: flipped },
    { weight: 1, arbitrary: random },
  )
}

/** Messages in bytes, and the same with some bytes replaced, taken out or put in, or cut off. */
export function brokenBytes(messages: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(), fc.nat(3), fc.array(fc.nat(255), { maxLength: 2 }))
  const changes = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(change, { minLength: 1, maxLength: 4 }) },
  )
  return fc.tuple(messages, changes, fc.nat(), fc.nat(9)).map(([message, spliced, at, cut]) => {
    const bytes = [...message]
    for (const [place, remove, add] of spliced) bytes.splice(place % (bytes.length + 1), remove, ...add)
    return Buffer.from(cut === 0 ? bytes.slice(0, at % (bytes.length + 1)) : bytes)
  })
}

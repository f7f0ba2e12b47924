import { AppError, MAX_TEXT_CHARACTERS } from '@runnel/contracts'
import { compileTemplate, TemplateError, type TemplateClient } from '@runnel/message-dispatcher/parsers'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'

const FILTERS = [
  ...[
    'upcase',
    'size',
    'rstrip',
    'lstrip',
    'strip',
    'strip_newlines',
    'capitalize',
    'url_encode',
    'truncatewords: 3',
  ],
  ...[
    'split: " "',
    'date: "%Y"',
    'replace: " ", "yy"',
    'remove: "a"',
    'sort',
    'sort_natural',
    'uniq',
    'reverse',
    'first',
  ],
  ...[
    'replace_last: "x","y"',
    'truncate: 10',
    'round',
    'times: 3',
    'divided_by: 0',
    'modulo: 0',
    'slice: 0, 5',
    'sum',
  ],
  ...[
    'map: "n"',
    'where: "n", "k1"',
    'join: ","',
    'compact',
    'concat: attributes.list',
    'default: "x"',
    'append: attributes.blanks',
  ],
]

const path = fc.oneof(
  fc.constantFrom(
    'phone',
    'tag',
    'attributes.name',
    'attributes.list',
    'attributes.blanks',
    'attributes.nothing',
    'attributes["a b"]',
    '(1..9)',
    '"x"',
    '1.5',
  ),
  hostileText(6),
)
const expression = fc
  .tuple(path, fc.array(fc.oneof(fc.constantFrom(...FILTERS), hostileText(5)), { maxLength: 4 }))
  .map((parts) => parts.flat().join(' | '))

const { text } = fc.letrec<{ text: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    hostileText(10),
    expression.map((one) => `{{ ${one} }}`),
    fc
      .tuple(path, path, tie('text'))
      .map(([a, b, inner]) => `{% if ${a} contains ${b} %}${inner}{% else %}no{% endif %}`),
    fc.tuple(path, tie('text')).map(([over, inner]) => `{% for i in ${over} %}${inner}{% endfor %}`),
    expression.map((one) => `{% assign s = ${one} %}{{ s }}`),
    fc
      .tuple(path, tie('text'))
      .map(([one, inner]) => `{% case ${one} %}{% when "vip" %}${inner}{% endcase %}`),
    tie('text').map((inner) => `{% capture s %}${inner}{% endcapture %}{{ s }}{{ s }}`),
  ),
  text: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
}))

const CLIENT: TemplateClient = {
  phone: 79161234567,
  operatorCode: '916',
  tag: 'vip',
  timeZone: 'Europe/Moscow',
  attributes: {
    name: 'Ann 😀',
    list: Array.from({ length: 1000 }, (_, i) => i),
    rows: Array.from({ length: 120 }, (_, i) => ({ n: `k${i}`, v: i })),
    blanks: `${' '.repeat(3000)}x`,
    words: 'a '.repeat(1500),
  },
}

const many = (unit: string, times: number) => unit.repeat(times)

/** Templates from any user, rendered for a client. */
export const templates = defineTarget<string>({
  name: 'templates',
  inputs: mutatedText(text),
  worst: () => [
    ...FILTERS.flatMap((filter) =>
      ['list', 'blanks', 'words', 'rows'].map((of) => ({
        name: `${filter} of ${of}`,
        input: () => many(`{% assign s = attributes.${of} | ${filter} %}`, 200) + 'x',
      })),
    ),
    { name: 'loops', input: () => `${many('{% for i in attributes.list %}', 3)}${many('{% endfor %}', 3)}x` },
    { name: 'blocks', input: () => many('{% if a %}', 700) + many('{% endif %}', 700) },
    { name: 'outputs', input: () => many('{{ a }}', 2300) },
    { name: 'open outputs', input: () => many('{{ ', 5000) },
    { name: 'open tags', input: () => many('{% ', 5000) },
    { name: 'brackets', input: () => `{{ a${many('[a', 5000)} }}` },
    { name: 'arguments', input: () => `{{ a | append: ${many('"x",', 4000)}"x" }}` },
    {
      name: 'doubling',
      input: () => `{% assign s = attributes.blanks %}${many('{% assign s = s | append: s %}', 40)}x`,
    },
  ],
  parse: (one) => compileTemplate(one).render(CLIENT),
  check(_, outcome) {
    ensureDocumented(
      outcome,
      (error) =>
        error instanceof TemplateError || (error instanceof AppError && error.code === 'invalid_field'),
    )
    if ('error' in outcome) return
    const rendered = outcome.value as string
    ensure(rendered.length <= MAX_TEXT_CHARACTERS && rendered.trim() !== '', 'the text is too long, or empty')
    ensure(rendered.isWellFormed(), 'half of a character')
  },
})

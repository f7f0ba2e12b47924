import { describe, expect, it } from '@jest/globals'
import { AppError, MAX_TEMPLATE_BYTES, MAX_TEXT_CHARACTERS } from '@runnel/contracts'
import { compileTemplate } from './compile-template.ts'
import type { TemplateClient } from './template-client.ts'
import { createLiquidEngine } from './liquid-engine.ts'
import { TemplateError } from './template-error.ts'

const ANN: TemplateClient = {
  phone: 79161234567,
  operatorCode: '916',
  tag: 'vip',
  timeZone: 'Europe/Moscow',
  attributes: { name: 'Ann', list: Array.from({ length: 2000 }, (_, i) => i), long: 'x'.repeat(1000) },
}

/** Without a limit of time that a busy processor would reach. */
const PATIENT = createLiquidEngine(60_000)

const render = (text: string, client = ANN, engine = PATIENT) => compileTemplate(text, engine).render(client)

/** Why a client gets no text. */
function reason(text: string, engine = PATIENT): string {
  try {
    return `rendered: ${render(text, ANN, engine).slice(0, 50)}`
  } catch (error) {
    return error instanceof TemplateError ? error.reason : String(error)
  }
}

/** Why a text is not a valid template. */
function refusal(text: string) {
  try {
    compileTemplate(text)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, message: error.message, ...error.details }
  }
}

describe('a template', () => {
  it('is rendered with what is known of the client', () => {
    expect(
      render('{{ phone }} {{ operatorCode }} {{ tag }} {{ timeZone }} {{ attributes.name | upcase }}'),
    ).toBe('79161234567 916 vip Europe/Moscow ANN')
    expect(render('{% if tag == "vip" %}dear{% else %}you{% endif %}')).toBe('dear')
  })

  it('leaves empty what it does not know', () => {
    expect(render('Hi {{ attributes.surname }}{{ nothing.at.all }}!')).toBe('Hi !')
    expect(render('Hi {{ attributes.surname | default: "friend" }}')).toBe('Hi friend')
    expect(render('Hi {{ attributes.a }}', { ...ANN, attributes: null })).toBe('Hi ')
  })

  it('reaches no member that is not the own one of its value', () => {
    for (const path of ['constructor', '__proto__', 'attributes.constructor', 'attributes.__proto__.x']) {
      expect(render(`[{{ ${path} }}]`)).toBe('[]')
    }
    expect(render('[{{ attributes.list.map }}{{ tag.constructor }}{{ attributes["toString"] }}]')).toBe('[]')
  })

  it('is refused with line and column where it is not valid', () => {
    expect(refusal('Hello\n  {{ name | shout }}')).toEqual({
      code: 'invalid_field',
      message: 'The text is not a valid template in line 2, column 3: undefined filter: shout',
      field: '/text',
      expected: 'text with Liquid tags',
      extra: { line: 2, column: 3 },
    })
    expect(refusal('a {% if x %}')).toMatchObject({ field: '/text', extra: { line: 1, column: 3 } })
    expect(refusal('a {{ x')).toMatchObject({ field: '/text', extra: { line: 1, column: 3 } })
  })

  it.each(['include "a"', 'render "a"', 'layout "a"', 'block a', 'tablerow i in (1..2)', 'constructor'])(
    'may not hold {%% %s %%}',
    (tag) => {
      expect(refusal(`{% ${tag} %}`)).toMatchObject({ code: 'invalid_field', field: '/text' })
    },
  )

  it.each(['strip_html', 'where_exp: "a", "a"', 'sample', 'json', 'constructor', 'toString'])(
    'may not use the filter %s',
    (filter) => {
      expect(refusal(`{{ tag | ${filter} }}`)).toMatchObject({ code: 'invalid_field', field: '/text' })
    },
  )

  it('is refused where it is too long or nested beyond the stack', () => {
    expect(refusal('x'.repeat(MAX_TEMPLATE_BYTES))).toBeUndefined()
    expect(refusal('x'.repeat(MAX_TEMPLATE_BYTES + 1))).toMatchObject({ field: '/text' })
    expect(refusal(`{{ a${'[a'.repeat(5000)} }}`)).toMatchObject({ field: '/text' })
    const blocks = 650
    const nested = `${'{% if tag %}'.repeat(blocks)}x${'{% endif %}'.repeat(blocks)}`
    expect(refusal(nested) ?? reason(nested)).toBe('rendered: x')
  })
})

describe('a text', () => {
  it('may be as long as the limit, and no longer', () => {
    expect(render('x'.repeat(MAX_TEXT_CHARACTERS))).toHaveLength(MAX_TEXT_CHARACTERS)
    expect(reason('x'.repeat(MAX_TEXT_CHARACTERS + 1))).toBe('text_too_long')
    expect(reason('{{ attributes.long }}{{ attributes.long }}')).toBe('text_too_long')
  })

  it('is not empty', () => {
    expect(reason(' {{ attributes.surname }}\n')).toBe('text_empty')
  })

  it('holds no half of a character', () => {
    expect(
      render('{{ attributes.e | slice: 0, 1 }}.', { ...ANN, attributes: { e: '😀' } }).isWellFormed(),
    ).toBe(true)
  })
})

describe('work without end', () => {
  const doubling = '{% assign s = s | append: s %}'.repeat(40)
  const captures = '{% capture s %}{{ s }}{{ s }}{% endcapture %}'.repeat(20)
  const each = (n: number) => '{% for i in attributes.list %}'.repeat(n) + '{% endfor %}'.repeat(n)

  it.each([
    ['a long range', '{% assign n = (1..100000) | size %}{{ n }}'],
    ['a range without end', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['ranges in ranges', '{% for i in (1..9) %}{% for j in (1..9000) %}{% break %}{% endfor %}{% endfor %}x'],
    ['text that doubles', `{% assign s = "xx" %}${doubling}x`],
    ['captures that double', `{% assign s = "xx" %}${captures}x`],
    ['a padded date', '{{ "2026-01-01" | date: "%999999999d" }}'],
  ])('%s ends at the limit of what a rendering may produce', (_, text) => {
    expect(reason(text)).toBe('template_failed')
  })

  it('lists in lists end at the limit of time', () => {
    expect(reason(`${each(3)}x`, createLiquidEngine())).toBe('template_too_slow')
  })

  it('text is never taken for a pattern', () => {
    const hostile = `${'a'.repeat(500)}!`
    expect(
      render(`{{ "${hostile}" | replace: "(a+)+$", "x" | remove: ".*" | split: "(a|a)*" | first }}`),
    ).toBe(hostile)
  })
})

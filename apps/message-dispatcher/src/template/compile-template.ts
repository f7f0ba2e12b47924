import { AppError, MAX_TEXT_CHARACTERS } from '@runnel/contracts'
import type { Liquid, Template as LiquidTemplate } from 'liquidjs'
import { createLiquidEngine } from './liquid-engine.ts'
import type { TemplateClient } from './template-client.ts'
import { TemplateError } from './template-error.ts'
import { templateScope } from './template-scope.ts'
import { templateVariables } from './template-variables.ts'

/** A mailing's text, ready to be rendered for one client after the other. */
export interface Template {
  /**
   * Variables are phone, operatorCode, tag, timeZone and attributes.<name>; those that a client lacks are empty.
   *
   * @throws TemplateError
   */
  render(client: TemplateClient): string
  /** @returns the variables of clients that it names, as paths */
  variables(): readonly (readonly string[])[]
}

const ENGINE = createLiquidEngine()

/** @throws AppError invalid_field of /text, with line and column */
export function compileTemplate(text: string, engine = ENGINE): Template {
  const parsed = parse(text, engine)
  return {
    render: (client) => check(run(engine, parsed, templateScope(client))),
    variables: () => templateVariables(engine, parsed),
  }
}

function parse(text: string, engine: Liquid): LiquidTemplate[] {
  try {
    return engine.parse(text)
  } catch (error) {
    throw syntaxError(error)
  }
}

interface Placed {
  readonly token?: { getPosition?(): [line: number, column: number] }
}

function syntaxError(error: unknown): AppError {
  const [line, column] = (error as Placed).token?.getPosition?.() ?? []
  const place = line === undefined ? '' : ` in line ${line}, column ${column}`
  return new AppError(
    'invalid_field',
    `The text is not a valid template${place}: ${describe(error)}`,
    {
      field: '/text',
      expected: 'text with Liquid tags',
      ...(line !== undefined && { extra: { line, column } }),
    },
    error,
  )
}

/** Liquid appends the position to its message. A stack overflow is a RangeError. */
function describe(error: unknown): string {
  const { originalError, message } = error as Error & { originalError?: unknown }
  if (error instanceof RangeError || originalError instanceof RangeError) return 'it is nested too deeply'
  return message.split(', line:')[0]!.slice(0, 200)
}

/**
 * The limit is on elapsed time, and this process may have been suspended meanwhile: only a template that is too slow twice
 * counts as too slow.
 */
function run(engine: Liquid, parsed: LiquidTemplate[], variables: object): string {
  try {
    return renderOnce(engine, parsed, variables)
  } catch (error) {
    if (error instanceof TemplateError && error.reason === 'template_too_slow')
      return renderOnce(engine, parsed, variables)
    throw error
  }
}

function renderOnce(engine: Liquid, parsed: LiquidTemplate[], variables: object): string {
  try {
    return String(engine.renderSync(parsed, variables))
  } catch (error) {
    const message = describe(error)
    if (message.startsWith('template render limit exceeded'))
      throw new TemplateError('template_too_slow', 'The template takes too long to render', error)
    throw new TemplateError('template_failed', `The template cannot be rendered: ${message}`, error)
  }
}

/** A filter may have cut a pair of surrogates in two. */
function check(text: string): string {
  if (text.length > MAX_TEXT_CHARACTERS) {
    const message = `The rendered text has ${text.length} characters; at most ${MAX_TEXT_CHARACTERS} are allowed`
    throw new TemplateError('text_too_long', message)
  }
  if (text.trim() === '') throw new TemplateError('text_empty', 'The rendered text is empty')
  return text.toWellFormed()
}

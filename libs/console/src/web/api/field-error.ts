import type { ApiError } from './api-error.ts'

/** What an error says about one input, e.g. `/phone`, or about a part of it; undefined where it is about another. */
export function fieldError(error: ApiError | undefined, field: string): string | undefined {
  if (!error || !concerns(error, field)) return undefined
  const { detail, expected } = error.trouble
  const said = detail.replace(/^\/[^ ]* (?=must|is)/, '').replace(/\.$/, '')
  const whole = `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
  return expected === undefined || said.includes(expected) ? whole : `${whole} Expected: ${expected}.`
}

/** Whether a form shows the error beside one of its inputs. */
export function isBeside(error: ApiError, fields: readonly string[]): boolean {
  return fields.some((field) => concerns(error, field))
}

function concerns({ trouble }: ApiError, field: string): boolean {
  return trouble.field === field || (trouble.field?.startsWith(`${field}/`) ?? false)
}

import { AppError } from '@runnel/contracts'
import { compileTemplate, type Template } from './compile-template.ts'

/** A subject is a template as a text is. @throws AppError invalid_field of /subject, with line and column */
export function compileSubject(subject: string): Template {
  try {
    return compileTemplate(subject)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, details } = error
    throw new AppError(
      code,
      message.replace('The text', 'The subject'),
      { ...details, field: '/subject' },
      error,
    )
  }
}

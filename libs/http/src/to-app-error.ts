import { AppError, describeSchemaError } from '@runnel/contracts'
import type { ErrorObject } from 'ajv'
import type { FastifyError } from 'fastify'

/** @returns an error of any kind as one with a stable code: `internal` where it is not known here */
export function toAppError(error: FastifyError | AppError | Error): AppError {
  if (error instanceof AppError) return error
  const { validation, validationContext, code, statusCode } = error as FastifyError
  if (validation) return fromValidation(validation[0] as ErrorObject | undefined, validationContext ?? 'body')
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('body_too_large', 'The body is larger than this server accepts', {}, error)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError(
        'unsupported_media_type',
        'The content type is not supported: expected application/json',
        {
          field: 'content-type',
          expected: 'application/json',
        },
      )
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('bad_request', 'The length of the body differs from Content-Length', {
        field: 'content-length',
      })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new AppError('bad_json', 'The body is not valid JSON', { expected: 'JSON' }, error)
  }
  if (statusCode === 503) {
    return new AppError('shutting_down', 'The server is shutting down', { retryAfterMs: 1000 }, error)
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError('bad_request', error.message, {}, error)
  }
  return new AppError('internal', 'An internal error occurred; it has been logged', {}, error)
}

function fromValidation(first: ErrorObject | undefined, context: string): AppError {
  const described = describeSchemaError(first)
  if (context === 'body') return described
  const unknown = first?.params['additionalProperty'] as string | undefined
  if (unknown !== undefined) {
    const field = unknown.slice(0, 100)
    const message = `The parameter ${JSON.stringify(field)} is not known here`
    return new AppError(described.code, message, { field, expected: 'only parameters of this route' })
  }
  const field = described.details.field?.replace(/^\//, '') || context
  const expected = described.details.expected ?? 'another value'
  const message =
    described.code === 'missing_field'
      ? `The parameter ${field} is missing`
      : `The parameter ${field} is not valid: expected ${expected}`
  return new AppError(described.code, message, { ...described.details, field })
}

import { AppError, type ErrorCode, type ErrorDetails } from '@runnel/contracts'

/**
 * An error for the caller alone, who may cause as many as they like: without a stack, which would cost more than everything else
 * of a refusal.
 */
export function refusal(code: ErrorCode, message: string, details: ErrorDetails = {}): AppError {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return new AppError(code, message, details)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

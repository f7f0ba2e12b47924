const STREAM_BYTES = String(4 * 1024 ** 3)

/**
 * Settings of every app that is measured: those of a fresh installation, whatever the environment says. Streams may grow
 * far beyond what one measurement publishes, so that what is measured is never a limit.
 */
export const APP_ENV = {
  SUBJECT_PREFIX: '',
  LOG_LEVEL: 'warn',
  METRICS_STREAM_BYTES: STREAM_BYTES,
  LOGS_STREAM_BYTES: STREAM_BYTES,
  PRODUCTS_STREAM_BYTES: STREAM_BYTES,
}

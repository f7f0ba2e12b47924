/**
 * Settings of every app that is measured: those of a fresh installation, whatever the environment says. The stream may
 * grow far beyond what one measurement publishes, so that the byte limit is never what is measured.
 */
export const APP_ENV = {
  SUBJECT_PREFIX: '',
  LOG_LEVEL: 'warn',
  METRICS_STREAM_BYTES: String(4 * 1024 ** 3),
}

import type { ComponentChildren } from 'preact'

interface FieldProps {
  readonly label: string
  /** What is wrong with it. */
  readonly error?: string | undefined
  readonly hint?: ComponentChildren
  /** The control. */
  readonly children: ComponentChildren
}

/** A control with its name above it. */
export function Field({ label, error, hint, children }: FieldProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {children}
      {hint && <span class="field-hint">{hint}</span>}
      {error && (
        <span class="field-error" role="alert">
          {error}
        </span>
      )}
    </label>
  )
}

import { useState } from 'preact/hooks'
import { formatBytes } from '../../format/bytes.ts'
import { classNames } from '../../parts/class-names.ts'
import { ACCEPTED } from './import-file.ts'

interface FileDropProps {
  readonly file: File | undefined
  readonly disabled: boolean
  /** What the file may be. */
  readonly hint: string
  readonly onFile: (file: File) => void
}

/** A place for a file: chosen with a click or a key, or dropped. */
export function FileDrop({ file, disabled, hint, onFile }: FileDropProps) {
  const [over, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const first = files?.[0]
    if (first && !disabled) onFile(first)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer?.files)
  }
  const onDragOver = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <label
      class={classNames('file-drop', over && 'over')}
      onDrop={onDrop}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
    >
      <input
        type="file"
        class="unseen"
        accept={ACCEPTED}
        disabled={disabled}
        onChange={(event) => take(event.currentTarget.files)}
      />
      {file ? (
        <span>
          <b>{file.name}</b> <span class="quiet">{formatBytes(file.size)}</span>
        </span>
      ) : (
        <span>
          <b>Choose a file</b>, or drop it here
        </span>
      )}
      <span class="field-hint">{hint}</span>
    </label>
  )
}

import { Menu } from './menu.tsx'

type ExportFormat = 'csv' | 'ndjson'

interface ExportMenuProps {
  /** Of the files, without the end. */
  readonly name: string
  /** The first one is offered first. */
  readonly formats: readonly ExportFormat[]
  /** Called when the menu opens. */
  readonly hrefOf: (format: ExportFormat) => string
  /** What is in them, where that is a choice. */
  readonly hint?: string | undefined
}

/** Files of everything that matches. */
export function ExportMenu({ name, formats, hrefOf, hint }: ExportMenuProps) {
  return (
    <Menu label="Export">
      {(close) => (
        <>
          <ul class="menu-list">
            {formats.map((format) => (
              <li key={format}>
                <a class="button" href={hrefOf(format)} download={`${name}.${format}`} onClick={close}>
                  {format.toUpperCase()}
                </a>
              </li>
            ))}
          </ul>
          {hint && <p class="field-hint">{hint}</p>}
        </>
      )}
    </Menu>
  )
}

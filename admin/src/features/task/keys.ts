import { useEffect, useState } from 'react'

/** Whether a key is meant for a control rather than for the list. */
const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || target.matches('input, select, textarea, [role="combobox"]') || target.closest('[role="dialog"]') !== null)

/** Moves through a list by keyboard: j and k change the row, Enter opens it, ? asks for help. Gives the current row. */
export function useListKeys(length: number, on: { open: (row: number) => void; help: () => void }): number {
  const [row, setRow] = useState(-1)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'j') setRow((at) => Math.min(at + 1, length - 1))
      else if (event.key === 'k') setRow((at) => Math.max(at - 1, 0))
      else if (event.key === '?') on.help()
      else if (event.key === 'Enter' && row >= 0 && event.target === document.body) on.open(row)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
  return Math.min(row, length - 1)
}

const stored = 'zhengtong.care'

/** Whether care mode (关怀版) is on: 1.5 times the type, one column, large targets. */
export const careOn = () => document.documentElement.dataset.care === 'on'

/** Turns care mode on or off and remembers it on this device. */
export function setCare(on: boolean): void {
  if (on) document.documentElement.dataset.care = 'on'
  else delete document.documentElement.dataset.care
  localStorage.setItem(stored, on ? 'on' : 'off')
}

/** Care mode as it was chosen before, or by `?care=on` in a link. */
export function restoreCare(): void {
  const asked = new URLSearchParams(location.search).get('care')
  if ((asked ?? localStorage.getItem(stored)) === 'on') setCare(true)
}

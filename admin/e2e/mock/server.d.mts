/** Starts the mock on a port, or a free one. */
export function startMock(port?: number): Promise<{ url: string; close: () => Promise<void> }>

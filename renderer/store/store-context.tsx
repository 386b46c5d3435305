import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ContractClient } from '../../shared/contract/contract.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { AppStore, Live } from './app-store.ts';

const StoreContext = createContext<AppStore | null>(null);
const StateContext = createContext<AppState | null>(null);

/** Makes the store known to everything below. */
export const StoreProvider = ({ store, children }: { readonly store: AppStore; readonly children: ReactNode }) => (
  <StoreContext value={store}>{children}</StoreContext>
);

/** Makes one state known to everything below, which then need not ask whether there is one. */
export const StateProvider = ({ state, children }: { readonly state: AppState; readonly children: ReactNode }) => (
  <StateContext value={state}>{children}</StateContext>
);

const useStore = (): AppStore => {
  const store = useContext(StoreContext);
  if (!store) throw new Error('no store above this component');
  return store;
};

/** What is known of the engine, with every change. */
export const useLive = (): Live => {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.snapshot);
};

/** Asks for a new connection now. */
export const useRetry = (): (() => void) => useStore().retry;

/** The state of the engine. Only below `StateProvider`. */
export const useApp = (): AppState => {
  const state = useContext(StateContext);
  if (!state) throw new Error('no state above this component');
  return state;
};

/** A client for asking; null until the first connection stands. */
export const useClient = (): ContractClient | null => {
  const live = useLive();
  return live.kind === 'live' || live.kind === 'reconnecting' ? live.client : null;
};

/** The present moment, renewed every `intervalMs`. */
export const useNow = (intervalMs = 10_000): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), intervalMs);
    return () => window.clearInterval(timer);
  }, [intervalMs]);
  return now;
};

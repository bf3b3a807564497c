"""Several servers, a proxy, a cache that goes away: real processes, killed and started again."""

// CoreDNS with the plugins of manifests/coredns.yaml and no others.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
)

// In the order in which a query passes them, which is CoreDNS's own.
var plugins = []string{"reload", "ready", "health", "errors", "cache", "kubernetes"}

func main() {
	dnsserver.Directives = plugins
	coremain.Run()
}

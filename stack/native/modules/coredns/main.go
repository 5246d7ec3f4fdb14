// Program coredns is CoreDNS with the plugins that names of a cluster need.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
)

func main() {
	// In the order of upstream's plugin.cfg.
	dnsserver.Directives = []string{"errors", "cache", "kubernetes"}
	coremain.Run()
}

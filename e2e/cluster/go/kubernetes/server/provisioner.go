package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// K3s' StorageClass has the same.
const provisionerName = "rancher.io/local-path"

// newProvisionerCommand is a provisioner of volumes that are folders of the one node, on which it runs itself.
func newProvisionerCommand() *cobra.Command {
	var kubeconfig string
	var provisioner folders
	command := &cobra.Command{
		Use:          "local-path-provisioner",
		Short:        "Makes a folder for each PersistentVolumeClaim",
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			ctx := klog.NewContext(command.Context(), klog.Background())
			controller.NewProvisionController(ctx, client, provisionerName, provisioner,
				controller.LeaderElection(false)).Run(ctx)
			return nil
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how the API server is reached")
	command.Flags().StringVar(&provisioner.root, "root", "", "where the folders go")
	command.Flags().StringVar(&provisioner.node, "node", "", "the name of this node")
	return command
}

type folders struct{ root, node string }

// Provision makes the folder; a second call for the same claim finds it.
func (f folders) Provision(_ context.Context, options controller.ProvisionOptions) (
	*core.PersistentVolume, controller.ProvisioningState, error) {
	claim := options.PVC
	folder := filepath.Join(f.root, options.PVName+"_"+claim.Namespace+"_"+claim.Name)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, controller.ProvisioningNoChange, err
	}
	// A pod runs as any user, and the umask took rights away.
	if err := os.Chmod(folder, 0o777); err != nil {
		return nil, controller.ProvisioningNoChange, err
	}
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.Spec.AccessModes,
			VolumeMode:                    claim.Spec.VolumeMode,
			Capacity:                      core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeSource: core.PersistentVolumeSource{
				HostPath: &core.HostPathVolumeSource{Path: folder},
			},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{
				NodeSelectorTerms: []core.NodeSelectorTerm{{MatchExpressions: []core.NodeSelectorRequirement{
					{Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{f.node}},
				}}},
			}},
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the folder with all that is in it.
func (f folders) Delete(_ context.Context, volume *core.PersistentVolume) error {
	return os.RemoveAll(volume.Spec.HostPath.Path)
}
